import { countsAsView } from '@/lib/sharing/counts-as-view';

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const headers = (agent: string, others: Record<string, string> = {}) =>
  new Headers({ 'user-agent': agent, 'x-method': 'GET', ...others });

describe('views of a link (case u05)', () => {
  it.each([
    'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)',
    'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)',
    'WhatsApp/2.23.20.0',
    'TelegramBot (like TwitterBot)',
    'Mozilla/5.0 (Macintosh) AppleWebKit/601.2.4 (KHTML, like Gecko) facebookexternalhit/1.1 Facebot Twitterbot/1.0',
    'Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5',
    'Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)',
    'LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient)',
  ])('does not count the preview of %s', (agent) => {
    expect(countsAsView(headers(agent))).toBe(false);
  });

  it('counts people and programs, but neither headers alone nor fetches ahead', () => {
    expect(countsAsView(headers(FIREFOX))).toBe(true);
    expect(countsAsView(headers('node'))).toBe(true);
    expect(countsAsView(headers(FIREFOX, { 'x-method': 'HEAD' }))).toBe(false);
    expect(countsAsView(headers(FIREFOX, { 'sec-purpose': 'prefetch;prerender' }))).toBe(false);
  });
});
