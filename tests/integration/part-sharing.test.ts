import { PATCH as change } from '@/app/api/parts/[id]/route';
import { POST as correct } from '@/app/api/parts/[id]/corrections/route';
import { POST as outlook } from '@/app/api/parts/[id]/outlook/route';
import { POST as add } from '@/app/api/parts/[id]/samples/route';
import { POST as create } from '@/app/api/parts/route';
import { GET as image } from '@/app/api/images/[id]/content/route';
import { newId } from '@/lib/contract';
import { database } from '@/lib/database/client';
import { blobs } from '@/lib/storage';
import { useDataDirectory } from '../support/data-directory';
import { makePng } from '../support/images';
import { call } from '../support/request';
import { makePerson, useTeamMode, type Person } from '../support/team';

useDataDirectory();
useTeamMode();

let owner: Person;
let colleague: Person;
let third: Person;
let partId: string;
let ownImage: string;
let colleaguesImage: string;

async function storeImage({ userId }: Person, colour: number): Promise<string> {
  const id = newId();
  const { key: sha256, bytes } = await blobs().write([await makePng(colour, 64, 48)], 1e7);
  const file = { sha256, bytes, name: 'a.png', mime: 'image/png', width: 64, height: 48 };
  await database().image.create({ data: { id, ownerId: userId, ...file } });
  return id;
}

beforeAll(async () => {
  owner = await makePerson('owner@example.com', 'engineer');
  colleague = await makePerson('colleague@example.com', 'engineer');
  third = await makePerson('third@example.com', 'viewer');
  ownImage = await storeImage(owner, 1);
  colleaguesImage = await storeImage(colleague, 2);
  partId = newId();
  await database().part.create({ data: { id: partId, ownerId: owner.userId, name: 'Housing', shared: true } });
});

/** Gives the colleague the owner's image to review, as a data set does. */
async function assign(imageId: string): Promise<void> {
  const [datasetId, itemId] = [newId(), newId()];
  await database().dataset.create({
    data: { id: datasetId, ownerId: owner.userId, name: datasetId, format: 'folder' },
  });
  await database().datasetItem.create({ data: { id: itemId, datasetId, imageId, path: 'a.png' } });
  await database().assignment.create({ data: { itemId, reviewerId: colleague.userId } });
}

const statusOf = async (response: Promise<Response>) => {
  const settled = await response;
  await settled.body?.cancel();
  return settled.status;
};
const see = (imageId: string, { headers }: Person) =>
  statusOf(call(image, `/api/images/${imageId}/content`, { params: { id: imageId }, headers }));
const asSample = (imageId: string) => ({ samples: [{ imageId, kind: 'golden' }] });
const asCorrection = (imageId: string) => ({ imageId, kind: 'fine', verdict: 'anomalous' });
const post = (handler: typeof add, json: unknown, { headers }: Person) =>
  statusOf(call(handler, `/api/parts/${partId}`, { json, params: { id: partId }, headers }));

describe('an image of another’s that one may look at', () => {
  let shown: string;
  beforeAll(async () => {
    shown = await storeImage(owner, 3);
    await assign(shown);
  });

  test('cannot be shown to everybody through a part', async () => {
    expect([await see(shown, colleague), await see(shown, third)]).toEqual([200, 404]);
    expect(await post(add, asSample(shown), colleague)).toBe(403);
    expect(await post(outlook, asCorrection(shown), colleague)).toBe(403);
    expect(await post(correct, { id: newId(), ...asCorrection(shown) }, colleague)).toBe(403);
    const made = { name: 'Mine', shared: true, goldenIds: [shown] };
    expect(await statusOf(call(create, '/api/parts', { json: made, headers: colleague.headers }))).toBe(403);
    expect(await database().partSample.count({ where: { imageId: shown } })).toBe(0);
    expect(await see(shown, third)).toBe(404);
  });

  test('can be corrected where it is a sample already', async () => {
    expect(await post(add, asSample(shown), owner)).toBe(201);
    expect(await post(correct, { id: newId(), ...asCorrection(shown), kind: 'missed' }, colleague)).toBe(201);
    expect(await see(shown, third)).toBe(200);
  });
});

test('who did not upload an image adds none, its uploader does', async () => {
  expect(await post(add, asSample(ownImage), colleague)).toBe(404);
  expect(await post(add, asSample(colleaguesImage), colleague)).toBe(201);
});

describe('sharing', () => {
  const patch = async (json: object, { headers }: Person) => {
    const { version } = await database().part.findUniqueOrThrow({ where: { id: partId } });
    return statusOf(
      call(change, `/api/parts/${partId}`, {
        method: 'PATCH',
        json: { version, ...json },
        params: { id: partId },
        headers,
      }),
    );
  };
  const isShared = async () => (await database().part.findUniqueOrThrow({ where: { id: partId } })).shared;

  test('is the maker’s to end, and nobody else’s', async () => {
    expect([await patch({ shared: false }, colleague), await isShared()]).toEqual([403, true]);
    expect(await patch({ shared: true, notes: 'Crumbs are fine' }, colleague)).toBe(200);
    expect([await patch({ shared: false }, owner), await isShared()]).toEqual([200, false]);
    expect(await patch({ notes: 'x' }, colleague)).toBe(404);
  });
});
