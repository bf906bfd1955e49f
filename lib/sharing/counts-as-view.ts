/** Programs that fetch a link to show a preview of it in a chat or a feed, or to list it, by a part of their names. */
const PREVIEWS =
  /slackbot|slack-imgproxy|facebookexternalhit|facebot|whatsapp|telegrambot|twitterbot|linkedinbot|discordbot|skypeuripreview|microsoftpreview|teamsbot|pinterest|redditbot|mastodon|viber|line-poker|embedly|iframely|vkshare|mattermost|rocket\.chat|zulip|matrix-media|synapse|signal|snapchat|google-(?:read-aloud|safety)|googlebot|bingbot|bingpreview|applebot|duckduckbot|yandexbot|baiduspider|crawler|spider|\bbot\b/i;

/**
 * Whether a request for a shared page is somebody looking at it: not one for the headers alone, not a browser's fetch
 * ahead of a click, and not a preview.
 * @param headers those of the request, with the method that proxy.ts adds as `x-method`
 */
export function countsAsView(headers: Pick<Headers, 'get'>): boolean {
  const isRead = headers.get('x-method') !== 'HEAD';
  const isAhead = /prefetch|prerender/i.test(`${headers.get('sec-purpose') ?? ''} ${headers.get('purpose') ?? ''}`);
  return isRead && !isAhead && !PREVIEWS.test(headers.get('user-agent') ?? '');
}
