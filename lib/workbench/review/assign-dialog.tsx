'use client';

import { useEffect, useState } from 'react';
import { notify } from '../ui/notify';
import type { AgreementResponse, AssignmentsResponse } from '@/lib/datasets/contract';
import { Button } from '../ui/button';
import { Checkbox } from '../ui/checkbox';
import { Dialog } from '../ui/dialog';
import { Select } from '../ui/select';
import { reviewApi } from './api';

const share = (value: number | null) => (value === null ? '–' : value.toFixed(2));
const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** Who reviews what, and how well the reviewers agree. */
export function AssignDialog({ datasetId, onClose }: { datasetId: string; onClose: () => void }) {
  const [assignments, setAssignments] = useState<AssignmentsResponse | null>(null);
  const [agreement, setAgreement] = useState<AgreementResponse | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    let wanted = true;
    Promise.all([reviewApi.assignments(datasetId), reviewApi.agreement(datasetId)]).then(
      ([people, agreed]) => {
        if (wanted) {
          setAssignments(people);
          setAgreement(agreed);
        }
      },
      (thrown: unknown) => wanted && setError(messageOf(thrown)),
    );
    return () => {
      wanted = false;
    };
  }, [datasetId, asked]);
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Reviewers"
      description="Deal out what nobody has decided, and see how well reviewers agree."
    >
      <div className="space-y-4 overflow-y-auto p-4">
        {error ? <p className="text-high">{error}</p> : null}
        {assignments ? (
          <People datasetId={datasetId} assignments={assignments} onAssigned={() => setAsked((count) => count + 1)} />
        ) : null}
        {agreement ? <Agreement agreement={agreement} /> : null}
      </div>
    </Dialog>
  );
}

function People({
  datasetId,
  assignments: { people, mayAssign },
  onAssigned,
}: {
  datasetId: string;
  assignments: AssignmentsResponse;
  onAssigned: () => void;
}) {
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [double, setDouble] = useState(false);
  const [adjudicator, setAdjudicator] = useState('');
  const ready = chosen.length >= (double ? 2 : 1);
  const assign = async () => {
    try {
      const { added } = await reviewApi.assign(datasetId, {
        reviewerIds: [...chosen],
        perItem: double ? 2 : 1,
        items: 'unreviewed',
        ...(double && adjudicator !== '' ? { adjudicatorId: adjudicator } : {}),
      });
      notify.success(`${added} new assignments.`);
      onAssigned();
    } catch (thrown) {
      notify.error(messageOf(thrown));
    }
  };
  return (
    <section aria-label="People">
      <ul className="space-y-1">
        {people.map(({ id, name, assigned, done }) => (
          <li key={id} className="flex items-center gap-2">
            <Checkbox
              checked={chosen.includes(id)}
              disabled={!mayAssign}
              onChange={(checked) => setChosen(checked ? [...chosen, id] : chosen.filter((other) => other !== id))}
            >
              {name}
            </Checkbox>
            <span className="ml-auto text-2xs text-muted tabular-nums">
              {done} of {assigned} done
            </span>
          </li>
        ))}
      </ul>
      {mayAssign ? (
        <div className="mt-3 flex flex-wrap items-center gap-3">
          <Checkbox checked={double} disabled={people.length < 2} onChange={setDouble}>
            Two per item, blind
          </Checkbox>
          {double ? (
            <Select
              aria-label="Who decides where they disagree"
              value={adjudicator}
              onChange={setAdjudicator}
              options={[
                { value: '', label: 'You decide where they disagree' },
                ...people
                  .filter(({ id }) => !chosen.includes(id))
                  .map(({ id, name }) => ({ value: id, label: `${name} decides` })),
              ]}
            />
          ) : null}
          <Button variant="primary" className="ml-auto" disabled={!ready} onClick={() => void assign()}>
            Assign
          </Button>
        </div>
      ) : (
        <p className="mt-2 text-2xs text-muted">Only the owner of the data set assigns its items.</p>
      )}
    </section>
  );
}

function Agreement({ agreement: { pairs, disputed, waiting } }: { agreement: AgreementResponse }) {
  return (
    <section aria-label="Agreement" className="border-t border-line pt-3">
      <h3 className="font-medium text-strong">Agreement</h3>
      <p className="text-2xs text-muted">
        {waiting === 1 ? '1 double review waits' : `${waiting} double reviews wait`} for the second reviewer, {disputed}{' '}
        for a decision.
      </p>
      {pairs.length > 0 ? (
        <table className="mt-2 w-full text-left text-xs tabular-nums">
          <thead className="text-2xs text-muted">
            <tr>
              <th className="py-1 font-medium">Reviewers</th>
              <th className="font-medium">Items</th>
              <th className="font-medium">Kappa, verdict</th>
              <th className="font-medium">Kappa, label</th>
              <th className="font-medium">Mask IoU</th>
            </tr>
          </thead>
          <tbody>
            {pairs.map(({ reviewers: [first, second], items, verdictKappa, labelKappa, maskIou }) => (
              <tr key={`${first.id} ${second.id}`} className="border-t border-line">
                <td className="py-1">
                  {first.name}, {second.name}
                </td>
                <td>{items}</td>
                <td>{share(verdictKappa)}</td>
                <td>{share(labelKappa)}</td>
                <td>{share(maskIou)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
    </section>
  );
}
