import { useQuery } from '@tanstack/react-query';
import type { DashboardSummary } from '../../shared/contracts/api/page.ts';
import { get } from './api.ts';

/** The figures of the shop, asked for once by whoever shows them. */
export const useSummary = () =>
  useQuery({
    queryKey: ['summary'],
    queryFn: () => get<DashboardSummary>('/analytics/dashboard/summary'),
    refetchInterval: 30_000,
  });
