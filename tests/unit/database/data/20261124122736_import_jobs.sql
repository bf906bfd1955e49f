UPDATE DatasetItem SET importHash = 'e3b0c442'; UPDATE ImportJob SET runner = 'cli'; UPDATE BatchResult SET agreement = 0.9;
