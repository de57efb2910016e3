import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { root } from '../../../scripts/lib/paths.mjs';

const RUN = `axe.run().then(({ violations }) => violations.flatMap(({ id, nodes }) =>
  nodes.map(({ html, failureSummary }) => id + ': ' + html + ' ' + failureSummary)))`;

/** Rules of axe-core that the document of an element breaks, with the elements; empty when it is clean. */
export async function accessibilityProblems(element: Locator): Promise<string[]> {
  const source = readFileSync(path.join(root, 'node_modules/axe-core/axe.min.js'), 'utf8');
  await element.evaluate(source);
  return await element.evaluate(RUN);
}
