import { sep } from 'node:path';
import { pathWithin } from './artifactPath.ts';

/**
 * The folder from which a report names files. GitHub takes paths from the root of the repository, whatever folder of
 * it a step runs in.
 */
export function sourceRoot(cwd: string, env: Readonly<Record<string, string | undefined>>): string {
  const workspace = env['GITHUB_WORKSPACE'] ?? '';
  const isWithin =
    withSlashes(cwd) === withSlashes(workspace) ||
    pathWithin(withSlashes(cwd), withSlashes(workspace)) !== undefined;
  return workspace !== '' && isWithin ? workspace : cwd;
}

/** A path of this system with `/` between its parts. */
export function withSlashes(path: string): string {
  return path.split(sep).join('/');
}
