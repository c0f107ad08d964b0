import { useEffect, useRef, useState } from 'preact/hooks';
import type { WebPlan } from '../messages.ts';
import { askPlan } from './server.ts';

export interface PlanDialogProps {
  readonly onApply: (plan: string) => void;
  readonly onClose: () => void;
}

/** What the trigger would do, and the question whether it should. */
export function PlanDialog({ onApply, onClose }: PlanDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [plan, setPlan] = useState<WebPlan | null>(null);
  useEffect(() => {
    dialog.current?.showModal();
    void askPlan().then(setPlan);
  }, []);
  return (
    <dialog ref={dialog} aria-labelledby="plan-title" onClose={onClose}>
      <h2 id="plan-title">What the trigger would do</h2>
      <pre aria-live="polite">{plan === null ? 'The tests are running …' : plan.lines}</pre>
      <form method="dialog">
        <button type="submit">Close</button>
        {plan?.hasChanges === true && !plan.isRefused ? (
          <button type="submit" class="primary" onClick={() => onApply(plan.id)}>
            Do it
          </button>
        ) : null}
      </form>
    </dialog>
  );
}
