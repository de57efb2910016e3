/** Builds everything that runs; resolves to the paths of all source files that became part of it. */
export function build(options: { production?: boolean; watch?: boolean; dist?: string }): Promise<string[]>;
