import { page } from '@/lib/handler/page';
import { ApiReference } from '@/lib/openapi/api-reference';
import { AccountFrame } from '@/lib/workbench/accounts/account-frame';

export const metadata = { title: 'API · LookTwice' };

export default page({ access: 'read' }, ({ nonce }) => (
  <AccountFrame nonce={nonce} title="API" wide>
    <ApiReference />
  </AccountFrame>
));
