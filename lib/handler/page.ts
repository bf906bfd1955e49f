import { headers } from 'next/headers';
import { notFound, redirect } from 'next/navigation';
import type { ReactNode } from 'react';
import { authorise } from '@/lib/auth/authorise';
import type { Permission } from '@/lib/auth/permissions';
import type { Principal } from '@/lib/auth/principal';
import { AppError } from '@/lib/http/app-error';
import { safePath } from '@/lib/http/safe-path';

export type PageProps = {
  params: Promise<Record<string, string>>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

/**
 * What a page gets. `principal` is null for public pages only; `nonce` lets a page's inline script past the content
 * security policy.
 */
export type PageContext<Access extends Permission> = PageProps & {
  principal: Access extends 'public' ? null : Principal;
  nonce: string | undefined;
};

export type Page = ((props: PageProps) => Promise<ReactNode>) & {
  /** What the page asks for; the test that walks all pages reads it. */
  readonly access: Permission;
};

/**
 * Makes a page, as `route` makes a route: a request without a session is sent to sign in, and who may not see it learns
 * that there is no such page.
 */
export function page<Access extends Permission>(
  rule: { access: Access },
  render: (context: PageContext<Access>) => ReactNode | Promise<ReactNode>,
): Page {
  const show = async (props: PageProps): Promise<ReactNode> => {
    const sent = await headers();
    const refused = { to: null as string | null };
    const principal = await authorise({ method: 'GET', headers: sent }, rule.access).catch((error: unknown) => {
      if (!(error instanceof AppError)) {
        throw error;
      }
      refused.to =
        error.code === 'unauthorized' ? `/sign-in?next=${encodeURIComponent(safePath(sent.get('x-path')))}` : '';
      return null;
    });
    if (refused.to === '') {
      notFound();
    }
    if (refused.to !== null) {
      redirect(refused.to);
    }
    return render({
      ...props,
      principal: principal as PageContext<Access>['principal'],
      nonce: sent.get('x-nonce') ?? undefined,
    });
  };
  return Object.assign(show, { access: rule.access });
}
