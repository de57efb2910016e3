import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './paths.mjs';

const INTRODUCTION = `# Third-party notices

Durable Objects for Butterbase contains the packages below. Each stands under its own licence.
`;

/**
 * The text of THIRD_PARTY_NOTICES.md for everything that is part of a package.
 *
 * @param inputs source files of the bundles, from the repository
 * @param more folders below node_modules that are shipped in another way
 */
export function noticesFor(inputs, more) {
  const folders = new Set(more.map((name) => path.join('node_modules', name)));
  for (const input of inputs) {
    const folder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
    if (folder !== undefined) folders.add(folder);
  }
  return [INTRODUCTION, ...[...folders].sort().map(noticeOf)].join('\n');
}

function noticeOf(folder) {
  const { name, version, license } = JSON.parse(
    readFileSync(path.join(root, folder, 'package.json'), 'utf8'),
  );
  return `## ${name} ${version}\n\nLicence: ${license}\n\n${fence(licenceText(folder, license))}\n`;
}

/** The licence files of a package. Some packages name an Apache licence without its text: then the text of another. */
function licenceText(folder, license) {
  const files = readdirSync(path.join(root, folder)).filter((file) => /^(licen[cs]e|notice)/i.test(file));
  const texts = files.map((file) => readFileSync(path.join(root, folder, file), 'utf8').trim());
  if (texts.length > 0) return texts.join('\n\n');
  const apache = path.join(root, 'node_modules', 'typescript', 'LICENSE.txt');
  if (license === 'Apache-2.0' && existsSync(apache)) return readFileSync(apache, 'utf8').trim();
  throw new Error(`${folder} has no licence text, so it cannot be shipped.`);
}

function fence(text) {
  return `\`\`\`text\n${text.replaceAll('```', "'''")}\n\`\`\``;
}
