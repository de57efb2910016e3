export function node24(): string;
export function toolEnv(extra?: Record<string, string>): Record<string, string>;
export function reranUnderNode24(script: string): Promise<boolean>;
