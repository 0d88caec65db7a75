"""Clinical records: Django models only, imported by `workflow` and `config` alone.

Nothing clinical is changed or deleted: a change is a new row with who and when, and the database
refuses UPDATE and DELETE on every table but the outbox (`audit.append_only`).
"""
