import type { Died } from '../../wire/messages.ts';

/** Says which jobs were stopped and which were left running when the daemon ended. */
export function renderDied({ stopped, kept }: Died): string {
  const parts = [
    ...(stopped.length > 0 ? [`${jobs(stopped)} stopped`] : []),
    ...(kept.length > 0 ? [`${jobs(kept)} left running`] : []),
  ];
  return `the daemon has ended${parts.length === 0 ? '' : `, ${parts.join(', ')}`}\n`;
}

const jobs = ({ length }: readonly string[]): string => `${length} ${length === 1 ? 'job' : 'jobs'}`;
