/** Where the pictures of a link come from. Server and browser both ask, so this is no client module. */
export function sharedImageUrl(token: string, imageId: string, query = ''): string {
  return `/api/shared/${encodeURIComponent(token)}/images/${encodeURIComponent(imageId)}${query}`;
}
