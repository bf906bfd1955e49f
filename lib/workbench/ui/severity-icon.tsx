import { CircleAlert, Info, TriangleAlert } from 'lucide-react';
import type { Finding } from '@/lib/contract';

/** The severity of a finding: shape and colour both say it. */
export function SeverityIcon({ severity }: { severity: Finding['severity'] }) {
  switch (severity) {
    case 'severe':
      return <CircleAlert className="size-4 shrink-0 text-high" role="img" aria-label="Critical" />;
    case 'moderate':
      return <TriangleAlert className="size-4 shrink-0 text-mid" role="img" aria-label="Major" />;
    case 'minor':
      return <Info className="size-4 shrink-0 text-low" role="img" aria-label="Minor" />;
  }
}
