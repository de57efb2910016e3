import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Proof that who exchanges a code is who asked for it (RFC 7636, method S256). */
export interface Pkce {
  /** Sent with the code only, never through the browser. */
  readonly verifier: string;
  readonly challenge: string;
}

/** A new proof, of 256 random bits. */
export function makePkce(): Pkce {
  const verifier = randomToken();
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}

/** 256 random bits as 43 characters that need no encoding in an address. */
export function randomToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Compares in a time that tells nothing about where the texts differ. */
export function isSameToken(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
