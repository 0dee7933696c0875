"""Reading a register out of a spreadsheet as offices keep them: headers, values, reasons."""
