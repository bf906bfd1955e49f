import sharp from 'sharp';
import { GET as conversationRoute, DELETE as deleteRoute } from '@/app/api/conversations/[id]/route';
import { POST as restoreRoute } from '@/app/api/conversations/[id]/restore/route';
import { POST as tickRoute } from '@/app/api/checklist/route';
import { POST as forkRoute } from '@/app/api/shared/[token]/fork/route';
import { GET as imageRoute } from '@/app/api/shared/[token]/images/[id]/route';
import { GET as pictureRoute } from '@/app/api/shared/[token]/picture/route';
import { GET as reportRoute } from '@/app/api/shared/[token]/report/route';
import { POST as unlockRoute } from '@/app/api/shared/[token]/unlock/route';
import { DELETE as revokeRoute, PATCH as changeRoute } from '@/app/api/shares/[id]/route';
import { GET as listRoute, POST as createRoute } from '@/app/api/shares/route';
import { conversationSchema, newId } from '@/lib/contract';
import { database } from '@/lib/database/client';
import { shareCreatedSchema, shareForkedSchema, shareListSchema, type ShareCreate } from '@/lib/sharing/contract';
import { limitRate } from '@/lib/http/rate-limit';
import { forkShare } from '@/lib/sharing/fork-share';
import { retireEndedShares } from '@/lib/sharing/manage-shares';
import { openShare, readSharedConversation } from '@/lib/sharing/open-share';
import { blobs } from '@/lib/storage';
import { storeTurn } from '../support/conversations';
import { useDataDirectory } from '../support/data-directory';
import { storeDefectConversation, type DefectConversation } from '../support/defect-conversation';
import { useFullBuckets } from '../support/full-buckets';
import { call } from '../support/request';

useDataDirectory();
useFullBuckets();
const NAME = 'Lieferant Müller 4711.jpg';
let stored: DefectConversation;

/** A photo with EXIF data: a camera, and a place on earth. */
async function photoWithPlace(): Promise<Buffer> {
  const noise = Buffer.from(Array.from({ length: 320 * 240 * 3 }, (_, i) => (i * 7919) % 251));
  return sharp(noise, { raw: { width: 320, height: 240, channels: 3 } })
    .jpeg({ quality: 90 })
    .withExif({ IFD0: { Make: 'SecretCam' }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '48/1 8/1 0/1' } })
    .toBuffer();
}

beforeAll(async () => {
  stored = await storeDefectConversation(NAME, await photoWithPlace(), `Is ${NAME} scratched?`);
});

async function create(options: Partial<ShareCreate> = {}) {
  const response = await call(createRoute, '/api/shares', {
    json: { conversationId: stored.conversationId, ...options },
  });
  expect(response.status).toBe(201);
  return shareCreatedSchema.parse(await response.json());
}

const image = (token: string, query = '', headers: Record<string, string> = {}, id = stored.imageId) =>
  call(imageRoute, `/${query}`, { params: { token, id }, headers });

const unlock = (token: string, password: string, address = '10.0.0.1', headers: Record<string, string> = {}) =>
  call(unlockRoute, '/', {
    params: { token },
    body: new URLSearchParams({ password }).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-forwarded-for': address, ...headers },
  });

test('a link is a snapshot without names for 30 days, and only the hash of its token is stored', async () => {
  const { share, token, path } = await create();
  // 32 characters of base64url are 192 random bits, and no two links have the same.
  expect(token).toMatch(/^[\w-]{32}$/);
  expect(Buffer.from(token, 'base64url')).toHaveLength(24);
  expect((await create()).token).not.toBe(token);
  expect(path).toBe(`/s/${token}`);
  expect(share).toMatchObject({ live: false, includeNames: false, includeMetadata: false, allowEmbed: false });
  expect(share).toMatchObject({ hasPassword: false, state: 'open', views: 0 });
  const days = (Date.parse(share.expiresAt ?? '') - Date.now()) / 86_400_000;
  expect(days).toBeGreaterThan(29.9);
  expect(days).toBeLessThan(30.1);
  const row = await database().share.findUniqueOrThrow({ where: { id: share.id } });
  expect(JSON.stringify(row)).not.toContain(token);

  const shared = await readSharedConversation(await openShare(token, null));
  expect(shared.messages).toHaveLength(4);
  expect(
    JSON.stringify([shared.title, shared.messages, [...shared.images.values()].map(({ name }) => name)]),
  ).not.toMatch(/Müller|4711/);
  expect(shared.title).toBe('Is Image 1 scratched?');
});

test('a snapshot stays as it was; a live link follows; "from here up" shows no more than that', async () => {
  const snapshot = await create({ leafId: stored.firstAnswer });
  const live = await create({ live: true });
  const tick = { messageId: stored.firstAnswer, itemId: 'a2', done: true };
  expect((await call(tickRoute, '/api/checklist', { json: tick })).status).toBeLessThan(300);
  const read = async (token: string) => readSharedConversation(await openShare(token, null));
  const ticked = async (token: string) =>
    (await read(token)).messages.flatMap(({ parts }) =>
      parts.flatMap((part) => (part.type === 'data-checklist' ? part.data.items.map(({ done }) => done) : [])),
    );
  expect((await read(snapshot.token)).messages).toHaveLength(2);
  expect(await ticked(snapshot.token)).toEqual([true, false]);
  expect(await ticked(live.token)).toEqual([true, true]);
  await storeTurn({
    ...stored,
    parentId: stored.lastAnswer,
    question: 'Why?',
    answer: [{ type: 'text', text: 'So.' }],
  });
  expect((await read(snapshot.token)).messages).toHaveLength(2);
  expect((await read(live.token)).messages).toHaveLength(6);
  expect((await image(live.token, '?w=160')).status).toBe(200);
});

test('images come without EXIF and without loss; the original only when the link includes it', async () => {
  const plain = await create();
  const full = await image(plain.token);
  expect([full.status, full.headers.get('content-type')]).toEqual([200, 'image/png']);
  const bytes = Buffer.from(await full.arrayBuffer());
  const metadata = await sharp(bytes).metadata();
  expect([metadata.exif, metadata.icc, metadata.xmp, metadata.iptc]).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  expect(bytes.includes('SecretCam')).toBe(false);
  const original = await sharp(await photoWithPlace())
    .raw()
    .toBuffer();
  expect(await sharp(bytes).removeAlpha().raw().toBuffer()).toEqual(original);
  expect(full.headers.get('content-disposition')).not.toContain('4711');
  expect((await image(plain.token, '?original=1')).status).toBe(403);

  const whole = await create({ includeMetadata: true });
  const response = await image(whole.token, '?original=1');
  expect(Buffer.from(await response.arrayBuffer())).toEqual(await photoWithPlace());
  expect(response.headers.get('content-disposition')).toContain("attachment; filename*=UTF-8''image.jpeg");
});

test('the image of another conversation is not found through a link', async () => {
  const other = await storeDefectConversation(
    'other.png',
    await sharp({
      create: { width: 320, height: 240, channels: 3, background: '#123456' },
    })
      .png()
      .toBuffer(),
    'Other?',
  );
  const { token } = await create();
  const live = await create({ live: true });
  expect((await image(token, '?w=160', {}, other.imageId)).status).toBe(404);
  expect((await image(live.token, '?w=160', {}, other.imageId)).status).toBe(404);
  expect((await image(token, '?w=160', {}, newId())).status).toBe(404);
});

test('a revoked, an expired, an unknown link and one of a deleted conversation answer the same', async () => {
  const { share, token } = await create();
  expect((await image(token, '?w=160')).status).toBe(200);
  expect((await call(revokeRoute, '/', { method: 'DELETE', params: { id: share.id } })).status).toBe(204);
  const answers = [await image(token, '?w=160')];

  const expired = await create({ expiresInDays: 1 });
  await database().share.update({ where: { id: expired.share.id }, data: { expiresAt: new Date(Date.now() - 1000) } });
  answers.push(await image(expired.token, '?w=160'), await image('x'.repeat(32), '?w=160'), await image('x', '?w=160'));

  const deleted = await create();
  const params = { id: stored.conversationId };
  await call(deleteRoute, '/', { method: 'DELETE', params });
  answers.push(await image(deleted.token, '?w=160'));
  await call(restoreRoute, '/', { method: 'POST', params });
  expect((await image(deleted.token, '?w=160')).status).toBe(200);

  for (const response of answers) {
    expect([response.status, (await response.json()).error.message]).toEqual([
      404,
      'There is no such shared conversation',
    ]);
  }
  // What ended shows nothing and keeps nothing.
  await retireEndedShares();
  for (const id of [share.id, expired.share.id]) {
    const row = await database().share.findUniqueOrThrow({ where: { id }, include: { images: true } });
    expect([row.snapshot, row.images]).toEqual([null, []]);
  }
  await retireEndedShares(Date.now() + 31 * 86_400_000);
  expect(await database().share.count({ where: { id: { in: [share.id, expired.share.id] } } })).toBe(0);
});

test('a link of somebody who was disabled answers the same, and works again when they are let in', async () => {
  const [snapshot, live] = [await create(), await create({ live: true })];
  const { ownerId: id } = await database().share.findUniqueOrThrow({ where: { id: snapshot.share.id } });
  const bar = (disabledAt: Date | null) => database().user.update({ where: { id }, data: { disabledAt } });
  await bar(new Date());
  try {
    for (const { token } of [snapshot, live]) {
      const refused = await image(token, '?w=160');
      expect([refused.status, (await refused.json()).error.message]).toEqual([
        404,
        'There is no such shared conversation',
      ]);
      expect((await call(pictureRoute, '/', { params: { token } })).status).toBe(404);
      expect((await call(reportRoute, '/', { params: { token } })).status).toBe(404);
    }
  } finally {
    await bar(null);
  }
  expect((await image(snapshot.token, '?w=160')).status).toBe(200);
});

test('a password: nothing without it, a cookie with it, and few tries', async () => {
  const { token } = await create({ password: 'correct horse' });
  for (const response of [
    await image(token, '?w=160'),
    await call(pictureRoute, '/', { params: { token } }),
    await call(reportRoute, '/', { params: { token } }),
    await call(forkRoute, '/', { method: 'POST', params: { token } }),
  ]) {
    expect(response.status).toBe(404);
  }
  const wrong = await unlock(token, 'wrong horse');
  expect([wrong.status, wrong.headers.get('location'), wrong.headers.get('set-cookie')]).toEqual([
    303,
    `/s/${token}?wrong=1`,
    null,
  ]);
  const right = await unlock(token, 'correct horse');
  expect(right.headers.get('location')).toBe(`/s/${token}`);
  const cookie = right.headers.get('set-cookie') ?? '';
  expect(cookie).toMatch(/HttpOnly; SameSite=Lax$/);
  const value = cookie.split(';')[0] ?? '';
  expect((await image(token, '?w=160', { cookie: value })).status).toBe(200);
  expect((await image(token, '?w=160', { cookie: `${value}x` })).status).toBe(404);
  expect((await image(token, '?w=160', { cookie: value.replace(/=\d+/, '=9999999999') })).status).toBe(404);

  const tries = [];
  for (let i = 0; i < 5; i += 1) {
    tries.push((await unlock(token, `guess ${i}`)).headers.get('location'));
  }
  expect(tries.at(-1)).toMatch(/\?wait=\d+$/);
  // Even the right word waits now; another address does not.
  expect((await unlock(token, 'correct horse')).headers.get('location')).toMatch(/\?wait=/);
  expect((await unlock(token, 'correct horse', '10.0.0.2')).headers.get('location')).toBe(`/s/${token}`);
});

test('a changed password makes earlier cookies worthless; a password and embedding exclude each other', async () => {
  const { share, token } = await create({ password: 'correct horse' });
  const cookie =
    ((await unlock(token, 'correct horse', '10.0.0.9')).headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  expect((await image(token, '?w=160', { cookie })).status).toBe(200);
  const change = (json: object) => call(changeRoute, '/', { method: 'PATCH', params: { id: share.id }, json });
  expect((await change({ password: 'battery staple' })).status).toBe(200);
  expect((await image(token, '?w=160', { cookie })).status).toBe(404);
  expect((await change({ allowEmbed: true })).status).toBe(400);
  expect((await change({ allowEmbed: true, password: null })).status).toBe(200);
  expect((await image(token, '?w=160')).status).toBe(200);
  expect((await call(changeRoute, '/', { method: 'PATCH', params: { id: newId() }, json: {} })).status).toBe(404);
});

test('a link with a password has a limit for all addresses together, and each link one of its own', async () => {
  const [{ share, token }, other] = [
    await create({ password: 'correct horse' }),
    await create({ password: 'correct horse' }),
  ];
  const had = (await unlock(token, 'correct horse', '10.1.0.9')).headers.get('set-cookie')?.split(';')[0] ?? '';
  // As many addresses would, without the slow hash of so many passwords.
  for (let i = 0; i < 149; i += 1) {
    limitRate(share.id, { name: 'unlock one link', burst: 150, perMinute: 30 });
  }
  expect((await unlock(token, 'correct horse', '10.1.0.1')).headers.get('location')).toMatch(/\?wait=\d+$/);
  expect((await unlock(other.token, 'correct horse', '10.1.0.1')).headers.get('location')).toBe(`/s/${other.token}`);
  // A browser that once had the password is not kept out by strangers.
  const known = await unlock(token, 'correct horse', '10.1.0.9', { cookie: had });
  expect(known.headers.get('location')).toBe(`/s/${token}`);
});

test('a link among more than a list shows keeps its password and embedding apart', async () => {
  const { share } = await create({ password: 'correct horse' });
  const row = await database().share.findUniqueOrThrow({ where: { id: share.id }, omit: { id: true, snapshot: true } });
  const newer = new Date(Date.now() + 60_000);
  const many = Array.from({ length: 500 }, () => ({ ...row, id: newId(), tokenHash: newId(), createdAt: newer }));
  await database().share.createMany({ data: many });
  const json = { allowEmbed: true };
  const params = { id: share.id };
  expect((await call(changeRoute, '/', { method: 'PATCH', params, json })).status).toBe(400);
  await database().share.deleteMany({ where: { id: { in: many.map(({ id }) => id) } } });
});

test('the list has the owner’s links and their views', async () => {
  const { share } = await create();
  const response = await call(listRoute, `/api/shares?conversationId=${stored.conversationId}`);
  const { shares } = shareListSchema.parse(await response.json());
  expect(shares[0]).toEqual(share);
  const none = await call(listRoute, `/api/shares?conversationId=${newId()}`);
  expect(shareListSchema.parse(await none.json()).shares).toEqual([]);
  await call(changeRoute, '/', { method: 'PATCH', params: { id: share.id }, json: { includeNames: true } });
  await call(revokeRoute, '/', { method: 'DELETE', params: { id: share.id } });
  const audit = await database().auditEvent.findMany({ where: { targetId: share.id } });
  expect(audit.map(({ action }) => action).sort()).toEqual(['share.change', 'share.create', 'share.revoke']);
  expect(new Set(audit.map(({ actorId }) => actorId)).size).toBe(1);
});

test('the preview’s picture has its size and the mask in it, and the report is a PDF', async () => {
  const { token } = await create();
  const picture = await call(pictureRoute, '/', { params: { token } });
  const { data, info } = await sharp(Buffer.from(await picture.arrayBuffer()))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  expect([info.width, info.height]).toEqual([1200, 630]);
  // The image is 840 px wide in the middle; the mask covers 100..160 of 320 px.
  const mean = (x: number, channel: number) => {
    const values = Array.from({ length: 40 }, (_, i) => data[((210 + i) * 1200 + x) * 3 + channel] ?? 0);
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  const inside = 180 + Math.round((130 / 320) * 840);
  const outside = 180 + Math.round((250 / 320) * 840);
  expect(mean(inside, 0) - mean(inside, 1)).toBeGreaterThan(30);
  expect(Math.abs(mean(outside, 0) - mean(outside, 1))).toBeLessThan(15);
  const report = await call(reportRoute, '/', { params: { token } });
  expect(
    Buffer.from(await report.arrayBuffer())
      .subarray(0, 5)
      .toString(),
  ).toBe('%PDF-');
});

test('a fork is a conversation of its own that goes on', async () => {
  const { token } = await create({ leafId: stored.firstAnswer, includeNames: true });
  await database().message.update({
    where: { id: stored.firstAnswer },
    data: { context: { transcript: 'Yes', judged: [stored.imageId] } },
  });
  const again = await create({ leafId: stored.firstAnswer, includeNames: true });
  const response = await call(forkRoute, '/', { method: 'POST', params: { token: again.token } });
  expect(response.status).toBe(201);
  const { conversationId } = shareForkedSchema.parse(await response.json());
  const read = await call(conversationRoute, '/', { params: { id: conversationId } });
  const { messages, title } = conversationSchema.parse(await read.json());
  expect(title).toContain(NAME);
  expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant']);
  expect(messages.map(({ id }) => id)).not.toContain(stored.firstAnswer);
  expect(messages[1]?.metadata.parentId).toBe(messages[0]?.id);
  const mask = messages.flatMap(({ parts }) => parts).find((part) => part.type === 'data-mask');
  expect(mask?.data.maskId).not.toBe(stored.maskId);
  expect(await database().mask.count({ where: { messageId: messages[1]?.id ?? '' } })).toBe(1);
  const row = await database().message.findUniqueOrThrow({ where: { id: messages[1]?.id ?? '' } });
  expect(row.context).toEqual({ transcript: 'Yes', judged: [stored.imageId] });
  expect(token).not.toBe(again.token);
});

test('a fork of somebody else gets images, inspections and masks of its own', async () => {
  const { token } = await create({ leafId: stored.firstAnswer });
  const userId = newId();
  await database().user.create({ data: { id: userId, name: 'Colleague', role: 'engineer' } });
  const conversationId = await forkShare({ userId }, await openShare(token, null));
  const image = await database().image.findFirstOrThrow({ where: { ownerId: userId } });
  expect(image.id).not.toBe(stored.imageId);
  expect(image.name).toBe('Image 1');
  // The link does not include metadata, so the copy has the pixels and not the file.
  const original = await database().image.findUniqueOrThrow({ where: { id: stored.imageId } });
  const copied = await blobs().read(image.sha256);
  expect(image).toMatchObject({ mime: 'image/png', bytes: copied.length, width: 320, height: 240 });
  expect(image.sha256).not.toBe(original.sha256);
  expect([copied.includes('SecretCam'), (await sharp(copied).metadata()).exif]).toEqual([false, undefined]);
  const pixels = await sharp(await photoWithPlace())
    .raw()
    .toBuffer();
  expect(await sharp(copied).removeAlpha().raw().toBuffer()).toEqual(pixels);
  const inspection = await database().inspection.findFirstOrThrow({ where: { imageId: image.id } });
  const messages = await database().message.findMany({ where: { conversationId }, include: { images: true } });
  const text = JSON.stringify(messages);
  expect(text).toContain(inspection.id);
  for (const id of [stored.imageId, stored.maskId, stored.inspectionId, stored.firstAnswer]) {
    expect([id, text.includes(id)]).toEqual([id, false]);
  }
  expect(messages.flatMap(({ images }) => images.map(({ imageId }) => imageId))).toEqual([image.id]);
  expect(await database().mask.count({ where: { imageId: image.id } })).toBe(1);
});

test('the file itself goes along with a link that includes metadata, and with one’s own', async () => {
  const original = await database().image.findUniqueOrThrow({ where: { id: stored.imageId } });
  const userId = newId();
  await database().user.create({ data: { id: userId, name: 'Colleague', role: 'engineer' } });
  const whole = await create({ leafId: stored.firstAnswer, includeMetadata: true });
  await forkShare({ userId }, await openShare(whole.token, null));
  expect(await database().image.findFirstOrThrow({ where: { ownerId: userId } })).toMatchObject({
    sha256: original.sha256,
    mime: 'image/jpeg',
  });
  const own = await create({ leafId: stored.firstAnswer });
  const images = { where: { ownerId: original.ownerId } };
  const before = await database().image.count(images);
  await forkShare({ userId: original.ownerId }, await openShare(own.token, null));
  expect(await database().image.count(images)).toBe(before);
});

test.each([
  [{ password: 'short' }, 'password'],
  [{ expiresInDays: 0 }, 'expiresInDays'],
  [{ expiresInDays: 400 }, 'expiresInDays'],
  [{ allowEmbed: true, password: 'long enough' }, 'allowEmbed'],
  [{ conversationId: 'x' }, 'conversationId'],
])('refuses %j and names %s', async (json, field) => {
  const response = await call(createRoute, '/', {
    json: { conversationId: stored.conversationId, ...json },
    headers: { 'x-forwarded-for': '10.0.0.7' },
  });
  expect([response.status, (await response.json()).error.message]).toEqual([400, expect.stringContaining(field)]);
});

test('where there are no accounts there is no link for signed-in people', async () => {
  const json = { conversationId: stored.conversationId, membersOnly: true };
  const response = await call(createRoute, '/api/shares', { json });
  expect([response.status, await response.text()]).toEqual([400, expect.stringMatching(/no accounts in local mode/)]);
});

test('there is no link to what is not there or has no answer yet', async () => {
  // An address of its own: the tests before have used up this one's rate.
  const headers = { 'x-forwarded-for': '10.0.0.7' };
  expect((await call(createRoute, '/', { json: { conversationId: newId() }, headers })).status).toBe(404);
  const json = { conversationId: stored.conversationId, leafId: newId() };
  expect((await call(createRoute, '/', { json, headers })).status).toBe(404);
});
