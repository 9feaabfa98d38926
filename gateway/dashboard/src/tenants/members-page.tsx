import { Button, Modal, NativeSelect, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useParams } from 'react-router'
import { useCommand, usePages } from '../api/queries'
import type { Member, NewMember } from '../api/types'
import { useMessages } from '../i18n'
import { has, useMe } from '../session/session'
import { Icon } from '../ui/icons'
import { BackLink, Empty, LoadedList, Notice, PageHead, Panel, ProblemNotice } from '../ui/parts'
import ui from '../ui/ui.module.css'
import { LifeState } from './tenants-page'

const roles = ['tenant-user', 'tenant-admin', 'tenant-dpo']

export function Component() {
  const t = useMessages()
  const { me } = useMe()
  const tenant = useParams().tenant ?? ''
  const route = `/api/tenants/${encodeURIComponent(tenant)}/members`
  const [inviting, setInviting] = useState(false)
  const [invited, setInvited] = useState(false)
  const pages = usePages<Member>(route, { limit: 50 })
  return (
    <>
      {has(me, 'administrator') && <BackLink to="/tenants">{t.tenants.title}</BackLink>}
      <PageHead
        title={t.tenants.membersOf(tenant)}
        lead={t.tenants.membersLead}
        actions={
          <Button leftSection={<Icon name="plus" size={16} />} onClick={() => setInviting(true)}>
            {t.tenants.invite}
          </Button>
        }
      />
      {invited && <Notice tone="good" title={t.tenants.inviting} />}
      <LoadedList
        pages={pages}
        empty={<Empty title={t.tenants.membersEmpty} detail={t.tenants.membersEmptyDetail} />}
      >
        {(members) => (
          <Panel>
            <div className={ui.scroll}>
              <table className={ui.table}>
                <thead>
                  <tr>
                    <th scope="col">{t.tenants.name}</th>
                    <th scope="col">{t.tenants.email}</th>
                    <th scope="col">{t.tenants.state}</th>
                  </tr>
                </thead>
                <tbody>
                  {members.map((member) => (
                    <tr key={member.id}>
                      <td>{[member.firstName, member.lastName].filter(Boolean).join(' ') || member.login}</td>
                      <td>{member.email}</td>
                      <td>
                        <LifeState state={member.enabled ? 'active' : 'disabled'} />
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
        opened={inviting}
        onClose={() => setInviting(false)}
        title={t.tenants.invite}
        lockScroll={false}
        classNames={{ title: ui.overlayTitle ?? '' }}
        centered
        closeButtonProps={{ 'aria-label': t.close }}
      >
        <Invite
          route={route}
          cancel={() => setInviting(false)}
          done={() => {
            setInviting(false)
            setInvited(true)
          }}
        />
      </Modal>
    </>
  )
}

function Invite({ route, cancel, done }: { route: string; cancel: () => void; done: () => void }) {
  const t = useMessages()
  const [firstName, setFirstName] = useState('')
  const [lastName, setLastName] = useState('')
  const [email, setEmail] = useState('')
  const [role, setRole] = useState('tenant-user')
  const [checked, setChecked] = useState(false)
  const invite = useCommand<NewMember>('POST', route, [route])
  const emailWrong = !/^[^@\s]+@[^@\s]+$/.test(email)
  const firstMissing = firstName.trim() === ''
  const lastMissing = lastName.trim() === ''

  function submit(event: FormEvent) {
    event.preventDefault()
    setChecked(true)
    if (emailWrong || firstMissing || lastMissing) return
    invite.mutate(
      { email, firstName: firstName.trim(), lastName: lastName.trim(), roles: [role] },
      { onSuccess: done },
    )
  }

  return (
    <form className={ui.form} onSubmit={submit} noValidate>
      <TextInput
        label={t.tenants.firstName}
        value={firstName}
        required
        data-autofocus
        error={checked && firstMissing && t.tenants.personMissing}
        onChange={({ currentTarget }) => setFirstName(currentTarget.value)}
      />
      <TextInput
        label={t.tenants.lastName}
        value={lastName}
        required
        error={checked && lastMissing && t.tenants.personMissing}
        onChange={({ currentTarget }) => setLastName(currentTarget.value)}
      />
      <TextInput
        label={t.tenants.email}
        type="email"
        value={email}
        required
        error={checked && emailWrong && t.tenants.emailWrong}
        onChange={({ currentTarget }) => setEmail(currentTarget.value)}
      />
      <NativeSelect
        label={t.tenants.role}
        value={role}
        data={roles.map((value) => ({ value, label: t.role[value] ?? value }))}
        onChange={({ currentTarget }) => setRole(currentTarget.value)}
      />
      {invite.isError && <ProblemNotice error={invite.error} />}
      <div className={ui.formEnd}>
        <Button variant="default" onClick={cancel}>
          {t.cancel}
        </Button>
        <Button type="submit" loading={invite.isPending}>
          {t.tenants.invite}
        </Button>
      </div>
    </form>
  )
}
