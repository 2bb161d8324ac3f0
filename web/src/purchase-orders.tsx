import { Alert, Badge, Button, Group, Table, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { PurchaseOrder } from '../../shared/contracts/api/page.ts';
import { get, post } from './api.ts';
import { formatDay, formatMoney, formatUnits } from './format.ts';
import { Loaded } from './loaded.tsx';

interface Page {
  readonly data: PurchaseOrder[];
}

/** The newest orders; who may can approve a draft. */
export function PurchaseOrders({ mayApprove }: { mayApprove: boolean }) {
  const queries = useQueryClient();
  const list = useQuery({
    queryKey: ['purchase-orders'],
    queryFn: () => get<Page>('/purchase-orders?limit=50'),
  });
  const approve = useMutation({
    mutationFn: (id: number) => post(`/purchase-orders/${id}/approve`),
    onSettled: () => queries.invalidateQueries(),
  });
  return (
    <>
      {approve.error && (
        <Alert color="red" mb="sm" withCloseButton onClose={approve.reset}>
          {approve.error.message}
        </Alert>
      )}
      <Loaded query={list} height={160}>
        {({ data }) =>
          data.length === 0 ? (
            <Text c="dimmed">No purchase orders.</Text>
          ) : (
            <Orders
              orders={data}
              approving={approve.isPending ? approve.variables : undefined}
              onApprove={mayApprove ? approve.mutate : undefined}
            />
          )
        }
      </Loaded>
    </>
  );
}

interface OrdersProps {
  readonly orders: readonly PurchaseOrder[];
  readonly approving: number | undefined;
  /** Undefined: this user may only look. */
  readonly onApprove: ((id: number) => void) | undefined;
}

function Orders({ orders, approving, onApprove }: OrdersProps) {
  return (
    <Table horizontalSpacing="xs">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Order</Table.Th>
          <Table.Th>Supplier</Table.Th>
          <Table.Th className="number" visibleFrom="sm">
            Lines
          </Table.Th>
          <Table.Th className="number" visibleFrom="sm">
            Units
          </Table.Th>
          <Table.Th className="number">Cost</Table.Th>
          <Table.Th>State</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {orders.map((order) => (
          <Table.Tr key={order.purchase_order_id}>
            <Table.Td style={{ whiteSpace: 'nowrap' }}>PO-{order.purchase_order_id}</Table.Td>
            <Table.Td>{order.supplier_name}</Table.Td>
            <Table.Td className="number" visibleFrom="sm">
              {formatUnits(order.line_count)}
            </Table.Td>
            <Table.Td className="number" visibleFrom="sm">
              {formatUnits(order.units)}
            </Table.Td>
            <Table.Td className="number">
              {formatMoney(order.total_cost)}{' '}
              <Text span inherit visibleFrom="sm">
                {order.currency}
              </Text>
            </Table.Td>
            <Table.Td>
              <Group gap="xs" className="decision">
                <Badge variant="light" color={colourOf(order.status)}>
                  {order.status.replaceAll('_', ' ')}
                </Badge>
                {order.approved_at && (
                  <Text span size="xs" c="dimmed">
                    {order.approved_by}, {formatDay(order.approved_at)}
                  </Text>
                )}
                {(order.status === 'draft' || order.status === 'submitted') && onApprove && (
                  <Button
                    size="compact-xs"
                    variant="light"
                    aria-label={`Approve PO-${order.purchase_order_id}`}
                    loading={approving === order.purchase_order_id}
                    onClick={() => onApprove(order.purchase_order_id)}
                  >
                    Approve
                  </Button>
                )}
              </Group>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

const colourOf = (status: string): string => {
  if (status === 'draft') return 'gray';
  return status === 'cancelled' || status === 'rejected' ? 'red' : 'teal';
};
