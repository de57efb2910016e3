/** What the generated module declares besides the sources. */
export const RESERVED_NAMES: ReadonlySet<string> = new Set(['butterbase', 'ROUTES', 'checkAuth']);
