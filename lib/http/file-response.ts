/**
 * A file of a user as an answer: the browser must take it for what we say, run nothing in it, and keep it to itself. `immutable`: the address always has
 * these bytes.
 */
export function fileResponse(
  bytes: Uint8Array,
  {
    mime,
    name,
    immutable = false,
    attachment = false,
  }: { mime: string; name: string; immutable?: boolean; attachment?: boolean },
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
      'cache-control': immutable ? 'private, max-age=31536000, immutable' : 'private, no-store',
    },
  });
}
