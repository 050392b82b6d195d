// One webhook endpoint: how it is, what was sent there, how it is signed, and its settings.
import { Anchor, Skeleton, Stack, Tabs } from '@mantine/core'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useGround } from '../../api/side.tsx'
import type { Endpoint } from '../../developer/resources.ts'
import { useTexts } from '../../texts/language.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { ForbiddenState, LoadingRows, Unanswered } from '../../ui/states.tsx'
import { EndpointHealth } from '../webhooks/endpoint-health.tsx'
import { useEndpoint } from '../webhooks/use-endpoints.ts'
import { DeliveryList } from './delivery-list.tsx'
import { EndpointNotice } from './endpoint-notice.tsx'
import { EndpointSettings } from './endpoint-settings.tsx'
import { SigningPanel } from './signing-panel.tsx'
import { TestEvent } from './test-event.tsx'
import { webhookTexts } from './texts.ts'

type Tab = 'deliveries' | 'signing' | 'settings'
const TABS: readonly Tab[] = ['deliveries', 'signing', 'settings']

/** The endpoint of the address. */
export function WebhookPage() {
  const texts = useTexts(webhookTexts)
  const { may } = useGround()
  const { id } = useParams({ from: '/shell/webhooks/$id' })
  if (!may('webhooks')) {
    return (
      <>
        <PageHeader title={texts.title} />
        <ForbiddenState />
      </>
    )
  }
  return (
    <Stack gap="xs">
      <Anchor renderRoot={(props) => <Link to="/webhooks" {...props} />} size="sm">
        ← {texts.all}
      </Anchor>
      <Found id={id} />
    </Stack>
  )
}

function Found({ id }: { id: string }) {
  const texts = useTexts(webhookTexts)
  const endpoint = useEndpoint(id)
  if (endpoint.data !== undefined) return <Shown endpoint={endpoint.data} />
  return (
    <>
      <PageHeader title={texts.title} />
      <Unanswered query={endpoint} waiting={<LoadingEndpoint />} />
    </>
  )
}

function LoadingEndpoint() {
  return (
    <>
      <Skeleton height={40} />
      <LoadingRows rows={6} height={64} />
    </>
  )
}

function Shown({ endpoint }: { endpoint: Endpoint }) {
  const texts = useTexts(webhookTexts)
  const [tab, setTab] = useState<Tab>('deliveries')
  return (
    <>
      <PageHeader
        title={endpoint.url}
        {...(endpoint.description === null ? {} : { about: endpoint.description })}
        actions={<EndpointHealth endpoint={endpoint} />}
      />
      <Stack>
        <EndpointNotice endpoint={endpoint} />
        <TestEvent endpoint={endpoint} />
        <Tabs
          value={tab}
          onChange={(to) => setTab(TABS.find((each) => each === to) ?? 'deliveries')}
          keepMounted={false}
        >
          <Tabs.List mb="md">
            {TABS.map((each) => (
              <Tabs.Tab key={each} value={each}>
                {texts.tabs[each]}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <Tabs.Panel value="deliveries">
            <DeliveryList endpoint={endpoint} />
          </Tabs.Panel>
          <Tabs.Panel value="signing">
            <SigningPanel endpoint={endpoint} />
          </Tabs.Panel>
          <Tabs.Panel value="settings">
            <EndpointSettings endpoint={endpoint} />
          </Tabs.Panel>
        </Tabs>
      </Stack>
    </>
  )
}
