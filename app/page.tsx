import { headers } from 'next/headers';
import { Boot } from '@/lib/workbench/shell/boot';

export default async function Page() {
  const nonce = (await headers()).get('x-nonce') ?? undefined;
  return <Boot nonce={nonce} />;
}
