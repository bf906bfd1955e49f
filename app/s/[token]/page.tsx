import type { Metadata } from 'next';
import { headers } from 'next/headers';
import { notFound, redirect } from 'next/navigation';
import { countView } from '@/lib/database/shares';
import { publicOrigin } from '@/lib/sharing/public-address';
import { countsAsView } from '@/lib/sharing/counts-as-view';
import { loadShare } from '@/lib/sharing/load-share';
import { describeShared } from '@/lib/sharing/social-text';
import { PICTURE } from '@/lib/sharing/social-picture';
import { page, type PageProps } from '@/lib/handler/page';
import { PageFrame } from '@/lib/workbench/shared-page/page-frame';
import { PasswordForm } from '@/lib/workbench/shared-page/password-form';
import { SharedPage } from '@/lib/workbench/shared-page/shared-page';

const HIDDEN = { robots: { index: false, follow: false, noarchive: true } } as const;

/**
 * What previews of the link show. A link with a password, or for people with an account, tells nothing, not even its
 * title.
 */
export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { token = '' } = await params;
  const loaded = await loadShare(token);
  const isOpen = loaded?.share.passwordHash === null && !loaded.share.membersOnly;
  if (!isOpen || loaded.conversation === null) {
    return { ...HIDDEN, title: 'Shared conversation · LookTwice' };
  }
  const { title, description, hasPicture } = describeShared(loaded.conversation);
  const url = `/api/shared/${encodeURIComponent(token)}/picture`;
  const images = hasPicture ? { images: [{ url, ...PICTURE, alt: description }] } : {};
  return {
    ...HIDDEN,
    metadataBase: new URL(publicOrigin(await headers())),
    title: `${title} · LookTwice`,
    description,
    openGraph: { type: 'article', siteName: 'LookTwice', title, description, url: `/s/${token}`, ...images },
    twitter: { card: hasPicture ? 'summary_large_image' : 'summary', title, description },
  };
}

function problemOf({ wrong, wait }: Awaited<PageProps['searchParams']>): string | null {
  if (typeof wait === 'string' && /^\d{1,4}$/.test(wait)) {
    return `Too many tries: wait ${wait} s.`;
  }
  return wrong === undefined ? null : 'That is not the password. Try again.';
}

export default page({ access: 'public' }, async ({ params, searchParams, nonce }) => {
  const { token = '' } = await params;
  const loaded = await loadShare(token);
  if (loaded === null) {
    notFound();
  }
  const { share, admitted, conversation } = loaded;
  if (!admitted) {
    redirect(`/sign-in?next=${encodeURIComponent(`/s/${token}`)}`);
  }
  if (conversation === null) {
    return (
      <PageFrame nonce={nonce}>
        <PasswordForm token={token} problem={problemOf(await searchParams)} />
      </PageFrame>
    );
  }
  if (countsAsView(await headers())) {
    await countView(share.id, new Date());
  }
  return <SharedPage token={token} share={share} conversation={conversation} nonce={nonce} />;
});
