/** The Chromium on this machine, for tests that look at pages. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const names = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome.exe',
  'msedge.exe',
];
const macApplications = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];

/** Its path, or undefined where there is none; the variable CHROMIUM names one that is elsewhere. */
export function chromiumPath(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const onPath = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  const candidates = [process.env.CHROMIUM, ...onPath, ...macApplications];
  return candidates.find((path) => path !== undefined && existsSync(path));
}

/** Without these Chromium asks for hosts of its own; the last one makes every host but this machine unknown to it. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
];

export async function launchChromium(): Promise<Browser> {
  const executablePath = chromiumPath();
  if (executablePath === undefined) throw new Error(missingChromium);
  return await chromium.launch({ executablePath, args: flags });
}

export const missingChromium =
  'Chromium is missing: install it (Debian: apt-get install chromium), or name its program in CHROMIUM.';
