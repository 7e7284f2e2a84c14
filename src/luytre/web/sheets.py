"""What all spreadsheets that pages hand out have in common."""

from __future__ import annotations

from luytre.civic.registry.sheet_file import harmless as safe_cell

__all__ = ["SHEET_TYPE", "safe_cell"]
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
