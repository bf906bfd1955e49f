import { redirect } from 'next/navigation';
import { authMode } from '@/lib/auth/mode';
import { page } from '@/lib/handler/page';
import { AccountFrame } from '@/lib/workbench/accounts/account-frame';
import { InvitationForm } from '@/lib/workbench/accounts/invitation-form';

export const metadata = { title: 'Invitation · LookTwice', robots: { index: false } };

export default page({ access: 'public' }, ({ nonce }) => {
  if (authMode() === 'local') {
    redirect('/');
  }
  return (
    <AccountFrame nonce={nonce} title="You are invited">
      <InvitationForm />
    </AccountFrame>
  );
});
