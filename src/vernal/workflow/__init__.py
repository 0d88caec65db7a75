"""What people do: one function for each act, keyword-only, actor first.

An act checks permission, asks the rules, saves records and writes the audit entry in one
transaction; messages leave by the outbox after it. `queries` returns frozen dataclasses.
"""
