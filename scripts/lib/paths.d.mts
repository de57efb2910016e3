export const root: string;
export const cache: string;
export const results: string;
