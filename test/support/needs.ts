/**
 * For `test(…, { skip: skipUnless(isThere, 'what is missing') }, …)`: where a part of the machine is missing a test skips and
 * says so, but under CI its file fails.
 */
export function skipUnless(isThere: boolean, missing: string): string | false {
  if (isThere) return false;
  if (process.env.CI) throw new Error(missing);
  return missing;
}

/** As `skipUnless`, for native TensorFlow, which a machine for CI may say that it has no way to. */
export function skipWithoutNativeTensorFlow(isThere: boolean): string | false {
  const missing = 'tfjs-node does not load on this machine';
  return process.env.UNROLL_TFJS_NODE === 'unavailable' ? missing : skipUnless(isThere, missing);
}
