'use client';

import { goTo } from '../client/go-to';
import { Button } from '../ui/button';
import { accountApi } from './account-api';
import { EndButton, Problem, Row, Section, showMoment } from './parts';
import { useAction } from './use-action';
import { useList } from './use-list';

/** Where one is signed in: the list, signing a device out, signing out here or everywhere. */
export function SessionList() {
  const { data, busy, problem, change } = useList('sessions', accountApi.sessions);
  const leaving = useAction();
  const leave = (everywhere: boolean) =>
    leaving.run(async () => {
      await accountApi.signOut(everywhere);
      goTo('/sign-in');
    });
  return (
    <Section
      title="Where you are signed in"
      description="A session ends by itself 14 days after the sign-in. Sign out what you do not know, and change your password."
    >
      <ul>
        {(data?.sessions ?? []).map((session) => (
          <Row key={session.id}>
            <div className="min-w-0 flex-1">
              <span className="font-medium text-strong">{session.device}</span>
              {session.current ? <span className="ml-2 text-2xs text-low">this device</span> : null}
              <p className="text-2xs text-muted">
                last used {showMoment(session.lastUsedAt)} · signed in {showMoment(session.createdAt)}
              </p>
            </div>
            {session.current ? null : (
              <EndButton
                label="Sign out"
                subject={session.device}
                busy={busy}
                onEnd={() => change(() => accountApi.endSession(session.id))}
              />
            )}
          </Row>
        ))}
      </ul>
      <div className="flex flex-wrap gap-2">
        <Button variant="secondary" disabled={leaving.busy} onClick={() => void leave(false)}>
          Sign out here
        </Button>
        <Button variant="danger" disabled={leaving.busy} onClick={() => void leave(true)}>
          Sign out everywhere
        </Button>
      </div>
      <Problem>{problem ?? leaving.problem}</Problem>
    </Section>
  );
}
