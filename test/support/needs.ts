/**
 * For `test(…, { skip: skipUnless(isThere, 'what is missing') }, …)`: where a part of the machine is missing a test skips and
 * says so, but under CI its file fails.
 */
export function skipUnless(isThere: boolean, missing: string): string | false {
  if (isThere) return false;
  if (process.env.CI) throw new Error(missing);
  return missing;
}
