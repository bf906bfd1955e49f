/**
 * Corrects a part without end, takes some corrections back, and prints each once it is acknowledged. Run by the
 * durability test of parts, which kills it.
 */
import { newId } from '@/lib/contract/ids';
import { putImage } from '@/lib/database/images';
import { addCorrection, undoCorrection } from '@/lib/database/part-corrections';
import { createPart } from '@/lib/database/parts';
import { LOCAL_USER_ID, ensureLocalUser } from '@/lib/database/users';

const owner = { userId: LOCAL_USER_ID };

async function main(): Promise<void> {
  await ensureLocalUser();
  const partId = newId();
  await createPart(owner, { id: partId, name: partId });
  for (let count = 0; ; count += 1) {
    const kind = count % 2 === 0 ? ('golden' as const) : ('defect' as const);
    const image = await putImage(owner, {
      ...{ id: newId(), sha256: `${partId}${count}`.padEnd(64, 'x'), name: 'a.png', mime: 'image/png' },
      ...{ width: 8, height: 8, bytes: 8 },
    });
    const id = newId();
    await addCorrection(owner, {
      ...{ id, partId, imageId: image.id, kind: kind === 'golden' ? ('fine' as const) : ('missed' as const) },
      ...{ note: null, thresholdBefore: null, thresholdAfter: null },
      sample: { id: newId(), imageId: image.id, kind, view: null, defectType: null, bbox: null },
    });
    console.log(`added ${id} ${image.id} ${kind}`);
    if (count % 3 === 0) {
      await undoCorrection(owner, partId, id);
      console.log(`undone ${id} ${image.id} ${kind}`);
    }
  }
}

void main();
