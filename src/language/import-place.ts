/** Where an imported file lies. */
import { URI, UriUtils } from 'langium';

/** @param path as written, relative to the folder of the file that imports it */
export function importedUri(importer: string, path: string): string {
  return UriUtils.resolvePath(UriUtils.dirname(URI.parse(importer)), path).toString();
}
