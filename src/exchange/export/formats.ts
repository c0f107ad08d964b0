import type { ExportFormat } from '../format-names.ts';
import { composeExporter } from './compose.ts';
import type { Exporter } from './exporter.ts';
import { kubernetesExporter } from './kubernetes.ts';
import { launchdExporter } from './launchd.ts';
import { nomadExporter, nomadJsonExporter } from './nomad.ts';
import { procfileExporter } from './procfile.ts';
import { systemdExporter } from './systemd.ts';

export const EXPORTERS: Readonly<Record<ExportFormat, Exporter>> = {
  systemd: systemdExporter,
  launchd: launchdExporter,
  procfile: procfileExporter,
  compose: composeExporter,
  nomad: nomadExporter,
  'nomad-json': nomadJsonExporter,
  kubernetes: kubernetesExporter,
};
