import { headers } from 'next/headers';
import { DeadLink } from '@/lib/workbench/shared-page/dead-link';
import { PageFrame } from '@/lib/workbench/shared-page/page-frame';

export default async function NotFound() {
  return (
    <PageFrame nonce={(await headers()).get('x-nonce') ?? undefined}>
      <DeadLink />
    </PageFrame>
  );
}
