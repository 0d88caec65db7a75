"""Pages. A view fetches through `workflow.queries`, calls one act, renders."""
