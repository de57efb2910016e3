import type { Finding } from './finding.ts';

/**
 * Rules about all files of the app, or about a name that is asked for first. What one deploy does, the plan knows
 * better: five classes may be deployed of six that are in the folder, and what would destroy data is asked about
 * with better ways out.
 */
const DECIDED_BY_PLAN: ReadonlySet<string> = new Set([
  'invalid-name',
  'too-many-classes',
  'binding-collision',
  'bundle-too-large',
  'class-renamed',
  'class-in-error',
  'duplicate-class-name',
  'would-destroy',
]);

/** Whether a finding stops the deploy of its file, or at least has to be looked at first. */
export function stopsDeploy({ severity, rule }: Finding): boolean {
  return severity === 'error' && !DECIDED_BY_PLAN.has(rule);
}

/** Whether the platform itself would refuse the file: rules of its bundler carry its code, the others their id. */
export function isRefusedByPlatform({ code, rule }: Finding): boolean {
  return code !== rule;
}
