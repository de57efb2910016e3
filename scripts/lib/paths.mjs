import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
/** What is downloaded once and kept between runs. */
export const cache = path.join(root, '.vscode-test');
/** What one run leaves behind: logs, screenshots, reports. */
export const results = path.join(root, 'test-results');
