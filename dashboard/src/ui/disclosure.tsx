// A part of a page that is opened by a button: what few need, and those who do need badly.
import { ChevronDownIcon, ChevronRightIcon } from '@heroicons/react/24/outline'
import { Box, Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { type ReactNode, useId } from 'react'

const ICON_PX = 16

/** `children` under a button that says `label`; made only once it is opened. */
export function Disclosure(props: { label: string; children: ReactNode; opened?: boolean }) {
  const [opened, { toggle }] = useDisclosure(props.opened ?? false)
  const id = useId()
  const Chevron = opened ? ChevronDownIcon : ChevronRightIcon
  return (
    <Box>
      <Button
        variant="subtle"
        size="compact-sm"
        color="gray"
        c="var(--mantine-color-text)"
        px={4}
        aria-expanded={opened}
        aria-controls={id}
        onClick={toggle}
        leftSection={<Chevron width={ICON_PX} aria-hidden />}
      >
        {props.label}
      </Button>
      <Box id={id} mt={opened ? 'xs' : 0}>
        {opened && props.children}
      </Box>
    </Box>
  )
}
