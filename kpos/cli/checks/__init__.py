"""What `kpos doctor` looks at: each check yields findings with a remedy, and changes nothing.

`finding` says what a finding is; then by room: `machine` (versions, disk, clock, configuration, the
running till), `update` (the slots of an appliance), `books` (data folder and files), `keeping`
(backups, verification), `devices`.
`kpos.cli.doctor` calls them in order.
"""
