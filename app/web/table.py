"""A list as a file for a spreadsheet; how such a file looks is said here and nowhere else."""

from flask import Response

from app.domain.spreadsheet import EXCEL_SEPARATOR, csv_lines
from app.services.export import Table

# Excel takes the signs of a file for those of Windows, unless it begins with this.
BYTE_ORDER_MARK = "\ufeff"


def csv_response(name: str, table: Table) -> Response:
    """A table as a download that Excel with Dutch settings opens at once; no cell in it is run as a formula."""
    text = "".join(csv_lines(table.header, table.rows, separator=EXCEL_SEPARATOR))
    response = Response(BYTE_ORDER_MARK + text, mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}.csv")
    return response
