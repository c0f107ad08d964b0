export function bundlePages(): Promise<Readonly<Record<'viewer' | 'bridge' | 'web', string>>>;
