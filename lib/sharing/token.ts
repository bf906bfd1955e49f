import { createHash, randomBytes } from 'node:crypto';

const TOKEN = /^[A-Za-z0-9_-]{32}$/;

/** A fresh token of a link: 192 random bits in base64url, 32 characters. */
export function newToken(): string {
  return randomBytes(24).toString('base64url');
}

/**
 * What is stored of a token, SHA-256 in hex; null for what cannot be one. A token has so much chance in it that a slow
 * hash adds nothing.
 */
export function hashToken(token: string): string | null {
  return TOKEN.test(token) ? createHash('sha256').update(token).digest('hex') : null;
}
