"""Files in and out: CSV and Parquet with the same columns. Nothing is dropped silently, nothing is half done."""
