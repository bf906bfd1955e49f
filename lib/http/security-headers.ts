/**
 * What every answer carries, pages and routes: the browser takes it for what we say, frames it nowhere, and keeps it
 * from other sites.
 */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), interest-cohort=()',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** For what a link shows: search engines leave it alone. */
export const NO_ROBOTS = 'noindex, nofollow, noarchive';
