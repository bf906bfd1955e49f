/**
 * A file of a user as an answer: the browser must take it for what we say, run nothing in it, and keep it to itself.
 * `immutable`: the address always has these bytes; `etag`: it may have others later, by which the browser asks whether
 * it has.
 */
export function fileResponse(
  bytes: Uint8Array,
  {
    mime,
    name,
    immutable = false,
    attachment = false,
    etag,
  }: { mime: string; name: string; immutable?: boolean; attachment?: boolean; etag?: string },
): Response {
  const disposition = `${attachment ? 'attachment' : 'inline'}; filename*=UTF-8''${encodeURIComponent(name)}`;
  return new Response(new Uint8Array(bytes), {
    headers: {
      'content-type': mime,
      'content-length': String(bytes.byteLength),
      'content-disposition': disposition,
      'content-security-policy': "default-src 'none'; sandbox",
      'cross-origin-resource-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      ...(etag !== undefined && { etag }),
      'cache-control': immutable
        ? 'private, max-age=31536000, immutable'
        : etag === undefined
          ? 'private, no-store'
          : 'private, max-age=60, must-revalidate',
    },
  });
}
