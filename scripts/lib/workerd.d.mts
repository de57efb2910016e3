export function requireWorkerd(options?: { system?: string; modules?: string }): void;
