"""What is wrong with policies: found from their text, their facts and dated data, on a given day."""
