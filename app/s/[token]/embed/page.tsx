import type { Metadata } from 'next';
import { headers } from 'next/headers';
import { notFound } from 'next/navigation';
import { countView } from '@/lib/database/shares';
import { page } from '@/lib/handler/page';
import { countsAsView } from '@/lib/sharing/counts-as-view';
import { loadShare } from '@/lib/sharing/load-share';
import { SharedPage } from '@/lib/workbench/shared-page/shared-page';

export const metadata: Metadata = {
  title: 'Shared conversation · LookTwice',
  robots: { index: false, follow: false, noarchive: true },
};

/** The page for frames of other sites (proxy.ts lets it be framed): there only for links that allow it. */
export default page({ access: 'public' }, async ({ params, nonce }) => {
  const { token = '' } = await params;
  const loaded = await loadShare(token);
  if (loaded === null || !loaded.share.allowEmbed || loaded.conversation === null) {
    notFound();
  }
  const { share, conversation } = loaded;
  if (countsAsView(await headers())) {
    await countView(share.id, new Date());
  }
  return <SharedPage token={token} share={share} conversation={conversation} nonce={nonce} embedded />;
});
