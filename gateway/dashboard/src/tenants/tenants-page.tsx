import { Button, Modal, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { Link } from 'react-router'
import { useCommand, usePages } from '../api/queries'
import type { NewTenant, Tenant } from '../api/types'
import { useMessages } from '../i18n'
import { Icon } from '../ui/icons'
import { Badge, Empty, LoadedList, Notice, PageHead, Panel, ProblemNotice, When } from '../ui/parts'
import ui from '../ui/ui.module.css'

export function Component() {
  const t = useMessages()
  const [opening, setOpening] = useState(false)
  const [opened, setOpened] = useState(false)
  const pages = usePages<Tenant>('/api/tenants', { limit: 50 }, { every: 10_000 })
  const openButton = (
    <Button leftSection={<Icon name="plus" size={16} />} onClick={() => setOpening(true)}>
      {t.tenants.open}
    </Button>
  )
  return (
    <>
      <PageHead title={t.tenants.title} lead={t.tenants.lead} actions={openButton} />
      {opened && <Notice tone="good" title={t.tenants.opening} />}
      <LoadedList pages={pages} empty={<Empty title={t.tenants.empty} detail={t.tenants.emptyDetail} />}>
        {(tenants) => (
          <Panel>
            <div className={ui.scroll}>
              <table className={ui.table}>
                <thead>
                  <tr>
                    <th scope="col">{t.tenants.name}</th>
                    <th scope="col">{t.tenants.id}</th>
                    <th scope="col">{t.tenants.state}</th>
                    <th scope="col">{t.tenants.opened}</th>
                    <th scope="col">{t.tenants.members}</th>
                  </tr>
                </thead>
                <tbody>
                  {tenants.map((tenant) => (
                    <tr key={tenant.id}>
                      <td>{tenant.name}</td>
                      <td className={ui.mono}>{tenant.id}</td>
                      <td>
                        <LifeState state={tenant.state} />
                        {tenant.closesAt && (
                          <span className={ui.why}>
                            {t.tenants.closes} <When at={tenant.closesAt} />
                          </span>
                        )}
                      </td>
                      <td>{tenant.openedAt && <When at={tenant.openedAt} />}</td>
                      <td>
                        <Link
                          to={`/tenants/${encodeURIComponent(tenant.id)}/members`}
                          aria-label={t.tenants.membersOf(tenant.name)}
                        >
                          {t.tenants.members}
                        </Link>
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </Panel>
        )}
      </LoadedList>
      <Modal
        opened={opening}
        onClose={() => setOpening(false)}
        title={t.tenants.open}
        lockScroll={false}
        classNames={{ title: ui.overlayTitle ?? '' }}
        centered
        closeButtonProps={{ 'aria-label': t.close }}
      >
        <OpenTenant
          cancel={() => setOpening(false)}
          done={() => {
            setOpening(false)
            setOpened(true)
          }}
        />
      </Modal>
    </>
  )
}

export function LifeState({ state }: { state: Tenant['state'] | 'active' | 'disabled' }) {
  const t = useMessages()
  const settled = state === 'open' || state === 'active'
  const ended = state === 'closed' || state === 'disabled'
  return (
    <Badge
      tone={settled ? 'good' : ended ? 'plain' : 'warn'}
      icon={settled ? 'check' : ended ? 'dash' : 'clock'}
    >
      {t.tenants.states[state]}
    </Badge>
  )
}

function OpenTenant({ cancel, done }: { cancel: () => void; done: () => void }) {
  const t = useMessages()
  const [name, setName] = useState('')
  const [id, setId] = useState('')
  const [checked, setChecked] = useState(false)
  const open = useCommand<NewTenant>('POST', '/api/tenants', ['/api/tenants'])
  const idWrong = !/^[a-z][a-z0-9-]{1,39}$/.test(id)
  const nameMissing = name.trim() === ''

  function submit(event: FormEvent) {
    event.preventDefault()
    setChecked(true)
    if (idWrong || nameMissing) return
    open.mutate({ id, name: name.trim() }, { onSuccess: done })
  }

  return (
    <form className={ui.form} onSubmit={submit} noValidate>
      <TextInput
        label={t.tenants.name}
        value={name}
        required
        data-autofocus
        error={checked && nameMissing && t.tenants.nameMissing}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
      />
      <TextInput
        label={t.tenants.id}
        description={t.tenants.idHint}
        value={id}
        required
        spellCheck={false}
        error={checked && idWrong && t.tenants.idWrong}
        onChange={({ currentTarget }) => setId(currentTarget.value)}
      />
      {open.isError && <ProblemNotice error={open.error} />}
      <div className={ui.formEnd}>
        <Button variant="default" onClick={cancel}>
          {t.cancel}
        </Button>
        <Button type="submit" loading={open.isPending}>
          {t.tenants.open}
        </Button>
      </div>
    </form>
  )
}
