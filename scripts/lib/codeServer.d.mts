export const codeServerEntry: string;
export function installCodeServer(): Promise<void>;
