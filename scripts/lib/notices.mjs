import { readdirSync, readFileSync } from 'node:fs';
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
  // One version may lie in several folders.
  const notices = new Set([...folders].map(noticeOf));
  return [INTRODUCTION, ...[...notices].sort()].join('\n');
}

function noticeOf(folder) {
  const manifest = JSON.parse(readFileSync(path.join(root, folder, 'package.json'), 'utf8'));
  const { name, version, license } = manifest;
  const text = ownText(folder) ?? textOf(license, authorOf(manifest));
  if (text === undefined) throw new Error(`${folder} has no licence text, so it cannot be shipped.`);
  return `## ${name} ${version}\n\nLicence: ${license}\n\n${fence(text)}\n`;
}

/** The licence files of a package. */
function ownText(folder) {
  const files = readdirSync(path.join(root, folder)).filter((file) => /^(licen[cs]e|notice)/i.test(file));
  if (files.length === 0) return undefined;
  return files.map((file) => readFileSync(path.join(root, folder, file), 'utf8').trim()).join('\n\n');
}

/** The text of a licence that a package only names. */
function textOf(license, author) {
  if (/\bMIT\b/.test(license)) {
    const [, permission] = readFileSync(path.join(root, 'LICENSE'), 'utf8').split(/^Copyright .*\n+/m);
    return `MIT License\n\nCopyright (c) ${author}\n\n${permission.trim()}`;
  }
  if (/\bApache-2\.0\b/.test(license)) {
    return readFileSync(path.join(root, 'node_modules', 'typescript', 'LICENSE.txt'), 'utf8').trim();
  }
  return undefined;
}

function authorOf({ name, author }) {
  const text = typeof author === 'string' ? author : author?.name;
  return text?.replace(/\s*[<(].*$/, '') || `the authors of ${name}`;
}

function fence(text) {
  return `\`\`\`text\n${text.replaceAll('```', "'''")}\n\`\`\``;
}
